<#import "template.ftl" as layout>
<#import "jit-review-common.ftl" as common>
<#import "jit-words.ftl" as words>
<#import "jit-change.ftl" as change>
<@layout.registrationLayout displayMessage=false; section>
<#if section = "header">
  ${jit.heading}
<#elseif section = "form">
  <@common.styles/>
  <section id="jit-inbox" class="jit-page" data-count="${jit.requests?size?c}" aria-labelledby="kc-page-title">
    <#if jit.requests?has_content>
      <ul class="jit-list">
        <#list jit.requests as request>
          <li data-request="${request.id}">
            <a class="jit-entry" href="${request.url}">
              <span class="jit-main">${words.question(request)}</span>
              <#if request.changes?has_content><span class="jit-line">${msg("jitChangeHeading")}: <#list request.changes as row><@change.field of=row/><#sep>, </#list><#if request.changesLeftOut gt 0>, ${msg("jitChangeLeftOut", request.changesLeftOut)}</#if></span></#if>
              <#if request.reason?has_content><span class="jit-line">${request.reason}</span></#if>
              <span class="jit-line">${request.ip} – <@common.time iso=request.openedAt text=request.openedAtText/></span>
              <span class="jit-line">${msg("jitReviewUntil")} <@common.time iso=request.deadline text=request.deadlineText/> (${msg("jitReviewIn", words.duration(request.timeLeft))})</span>
            </a>
          </li>
        </#list>
      </ul>
    <#else>
      <p class="jit-outcome" id="jit-inbox-empty">${msg("jitInboxEmpty")}</p>
    </#if>
    <#if jit.grants?has_content>
      <h2 class="jit-subheading">${msg("jitInboxGrants")}</h2>
      <ul class="jit-decisions" id="jit-grants">
        <#list jit.grants as grant>
          <li data-grant="${grant.id}"><span class="jit-main">${words.question(grant)}</span>
            <span class="jit-line">${msg("jitInboxGrant")} <@common.time iso=grant.until text=grant.untilText/></span>
            <form action="${url.loginAction}" method="post">
              <button class="jit-report" type="submit" name="revoke" value="${grant.id}" aria-label="${msg("jitInboxRevokeOf", grant.requester, grant.client)}">${msg("jitInboxRevoke")}</button>
            </form></li>
        </#list>
      </ul>
    </#if>
    <#if jit.recent?has_content>
      <h2 class="jit-subheading">${msg("jitInboxRecent")}</h2>
      <ul class="jit-decisions" id="jit-recent">
        <#list jit.recent as request>
          <li><span class="jit-main">${msg("jitInboxYou." + request.kind, request.requester, request.client)}</span>
            <span class="jit-line"><@common.time iso=request.at text=request.atText/></span></li>
        </#list>
      </ul>
    </#if>
    <p class="jit-help">${msg("jitInboxClose")}</p>
  </section>
</#if>
</@layout.registrationLayout>
