<#-- What the approvers' pages share: the same facts in the same order, everywhere. -->

<#import "jit-change.ftl" as change>

<#macro styles>
  <link rel="stylesheet" href="${url.resourcesPath}/css/jit-approval.css">
  <link rel="stylesheet" href="${url.resourcesPath}/css/jit-review.css">
  <script type="module" src="${url.resourcesPath}/js/jit-review.js"></script>
</#macro>

<#macro time iso text><time datetime="${iso}">${text}</time></#macro>

<#macro fact label id>
  <div class="jit-fact">
    <dt>${msg(label)}</dt>
    <dd id="${id}"><#nested></dd>
  </div>
</#macro>

<#macro mark text arg=""><strong class="jit-mark"><span aria-hidden="true">⚠</span> ${msg(text, arg)}</strong></#macro>

<#macro facts of>
  <dl class="jit-facts">
    <@fact label="jitReviewWho" id="jit-who">
      <span class="jit-main"><#if of.name?has_content>${of.name}<#else>${of.username}</#if></span>
      <span class="jit-line">${msg("jitReviewUsername", of.username)}</span>
      <#if of.email?has_content><span class="jit-line">${of.email}<#if !of.emailVerified> <@mark text="jitReviewEmailNotVerified"/></#if></span></#if>
      <#if of.createdAtText?has_content><span class="jit-line">${msg("jitReviewSince", of.createdAtText)}<#if of.newAccount> <@mark text="jitReviewNewAccount"/></#if></span></#if>
    </@fact>
    <@fact label="jitReviewWhat" id="jit-what">
      <span class="jit-main">${msg("jitReviewAction." + of.action, of.actionName)}</span>
      <span class="jit-line">${of.client}<#if of.client != of.clientId> (${of.clientId})</#if></span>
      <#if of.scopes?has_content><span class="jit-line">${msg("jitReviewScopes")} ${of.scopes?join(", ")}</span></#if>
    </@fact>
    <#if of.target??><@fact label="jitChangeOn" id="jit-target"><@change.target of=of/></@fact></#if>
    <#if of.changes?has_content><@fact label="jitChangeHeading" id="jit-changes"><@change.changes of=of/></@fact></#if>
    <@fact label="jitReviewWhere" id="jit-where">
      <span class="jit-main">${of.ip}</span>
      <#if of.device?has_content><span class="jit-line">${of.device}</span></#if>
      <#if of.userAgent?has_content><span class="jit-line jit-raw">${of.userAgent}</span></#if>
      <#if of.sso><span class="jit-line">${msg("jitReviewSso")}</span></#if>
      <#if of.impersonator?has_content><span class="jit-line"><@mark text="jitReviewImpersonator" arg=of.impersonator/></span></#if>
      <#if of.others gt 0><span class="jit-line"><@mark text="jitReviewOtherBrowser"/></span></#if>
    </@fact>
    <@fact label="jitReviewWhen" id="jit-when"><@time iso=of.openedAt text=of.openedAtText/></@fact>
    <@fact label="jitReviewWhy" id="jit-why">
      <#if of.reason?has_content><span class="jit-main">${of.reason}</span></#if>
      <span class="jit-line">${msg("jitReviewPolicy", of.policy)}<#if of.rule?has_content>, ${msg("jitReviewRule", of.rule)}</#if></span>
    </@fact>
    <#if of.justification?has_content>
      <@fact label="jitReviewWrote" id="jit-wrote"><blockquote class="jit-quote">${of.justification}</blockquote></@fact>
    </#if>
  </dl>
</#macro>

<#macro decisions of>
  <#if of?has_content>
    <ul class="jit-decisions" id="jit-decisions">
      <#list of as decision>
        <li>
          <#if decision.by?has_content>${msg("jitReviewDecisionBy." + decision.kind, decision.by)}<#else>${msg("jitReviewDecision." + decision.kind)}</#if>
          – <@time iso=decision.at text=decision.atText/>
          <#if decision.comment?has_content><blockquote class="jit-quote">${decision.comment}</blockquote></#if>
        </li>
      </#list>
    </ul>
  </#if>
</#macro>

<#macro toInbox>
  <p><a class="jit-link" href="${jit.inboxUrl}">${msg("jitReviewToInbox")}</a></p>
</#macro>
