<#import "template.ftl" as layout>
<#import "jit-review-common.ftl" as common>
<#import "jit-words.ftl" as words>
<@layout.registrationLayout displayMessage=false; section>
<#if section = "header">
  ${jit.heading}
<#elseif section = "form">
  <@common.styles/>
  <section id="jit-review" class="jit-page" data-state="${jit.state}" data-version="${(jit.version!0)?c}"
           <#if jit.here??>data-here="${jit.here}"</#if> aria-labelledby="kc-page-title">
  <#switch jit.state>
    <#case "open">
      <#if jit.problem?has_content>
        <p class="jit-problem" id="jit-problem" role="alert">${msg("jitReviewProblem." + jit.problem)}</p>
      </#if>
      <@common.facts of=jit/>
      <div class="jit-effect" id="jit-effect">
        <p>${words.effect(jit)}
          <#if (jit.needed!1) gt 1>${msg("jitReviewOneOfMany", jit.approvals, jit.needed)}</#if>
          <#if jit.stagesAhead gt 0>${msg("jitReviewStagesAhead", jit.stagesAhead)}</#if>
          <#if jit.grant??><span id="jit-grant">${words.grant(jit)}</span></#if></p>
        <#if jit.deadline?has_content>
          <p class="jit-line">${msg("jitReviewUntil")} <@common.time iso=jit.deadline text=jit.deadlineText/> (${msg("jitReviewIn", words.duration(jit.timeLeft))})</p>
        </#if>
      </div>
      <form class="jit-form" id="jit-review-form" action="${url.loginAction}" method="post" autocomplete="off">
        <#-- The first submit button is what Enter in a field presses: this one does nothing. -->
        <button type="submit" disabled hidden aria-hidden="true"></button>
        <input type="hidden" name="digest" value="${jit.digest}">
        <input type="hidden" name="stage" value="${jit.stage}">
        <#if jit.matchCodeRequired>
          <label class="jit-label" for="match_code">${msg("jitReviewMatchCode", jit.requester)}</label>
          <input class="jit-input" id="match_code" name="match_code" type="text" maxlength="20" autocapitalize="characters"
                 autocomplete="off" spellcheck="false" aria-describedby="jit-match-help"<#if jit.problem == "match_code_required"> aria-invalid="true"</#if>>
          <p class="jit-help" id="jit-match-help">${msg("jitReviewMatchCodeHelp")}</p>
        </#if>
        <label class="jit-label" for="comment"><#if jit.commentRequired>${msg("jitReviewCommentRequired")}<#else>${msg("jitReviewComment")}</#if></label>
        <textarea class="jit-textarea" id="comment" name="comment" rows="2" maxlength="${jit.maxComment?c}"<#if jit.problem == "comment_required"> aria-invalid="true"</#if>>${jit.comment}</textarea>
        <div class="jit-choices">
          <button class="jit-choice jit-approve" type="submit" name="decision" value="approve"><svg aria-hidden="true" viewBox="0 0 16 16"><path d="M2 8.5 6.2 12.7 14 4"/></svg><span>${msg("jitReviewApprove")}</span></button>
          <button class="jit-choice jit-deny" type="submit" name="decision" value="deny"><svg aria-hidden="true" viewBox="0 0 16 16"><path d="M3 3l10 10M13 3L3 13"/></svg><span>${msg("jitReviewDeny")}</span></button>
        </div>
        <button class="jit-report" type="submit" name="decision" value="report">${msg("jitReviewReport")}</button>
        <p class="jit-help">${msg("jitReviewReportHelp")}</p>
      </form>
      <#break>
    <#case "step-up">
      <p class="jit-outcome">${msg("jitReviewText.step-up")}</p>
      <p><a id="jit-step-up" class="${properties.kcButtonPrimaryClass!} jit-button" href="${jit.again}">${msg("jitReviewStepUp")}</a></p>
      <#break>
    <#case "conflict">
      <p class="jit-problem" role="alert">${msg("jitReviewText.conflict")}</p>
      <p><a id="jit-again" class="${properties.kcButtonPrimaryClass!} jit-button" href="${jit.here}">${msg("jitReviewLookAgain")}</a></p>
      <#break>
    <#case "decided">
    <#case "expired">
    <#case "cancelled">
      <p class="jit-outcome" role="status">${msg("jitReviewStatus." + jit.status, jit.requester, jit.client)}</p>
      <@common.decisions of=jit.decisions/>
      <@common.facts of=jit/>
      <@common.toInbox/>
      <#break>
    <#default>
      <p class="jit-outcome" role="status">${msg("jitReviewText." + jit.state)}</p>
      <#if jit.state != "not-ready" && jit.state != "wrong-client"><@common.toInbox/></#if>
  </#switch>
  <#if jit.id??><p class="jit-request">${msg("jitRequestNumber")} <span id="jit-request-id">${jit.id}</span></p></#if>
  </section>
</#if>
</@layout.registrationLayout>
