<#import "template.ftl" as layout>
<#import "jit-common.ftl" as common>
<@layout.registrationLayout displayMessage=false; section>
<#if section = "header">
  <span id="jit-heading">${msg("jitWaitingHeading")}</span>
<#elseif section = "form">
  <noscript><meta http-equiv="refresh" content="5;url=${jit.continueUrl}"></noscript>
  <@common.page state="waiting"; part>
  <#if part = "attributes">
    data-status-url="${jit.statusUrl}" data-news-url="${jit.newsUrl}" data-version="${jit.version}"
    data-continue-url="${jit.continueUrl}"
    data-title-approved="${msg("jitTitleApproved", jit.clientName)}"
    data-title-session-lost="${msg("jitTitleSessionLost", jit.clientName)}"
    data-heading-approved="${msg("jitApprovedHeading")}"
    data-heading-session-lost="${msg("jitSessionLostHeading")}"
    data-text-offline="${msg("jitOffline")}"
    data-text-online="${msg("jitOnlineAgain")}"
    data-text-soon="${msg("jitExpiresSoon")}"
  <#else>
    <#if jit.notice?has_content><p class="jit-notice" id="jit-notice">${jit.notice}</p></#if>
    <@common.what/>

    <p class="jit-live" id="jit-live" role="status" aria-live="polite"></p>

    <div class="jit-when-waiting">
      <@common.stages/>
      <#if jit.deadline?has_content>
        <p class="jit-deadline">${msg("jitUntil")}
          <time id="jit-deadline" datetime="${jit.deadline}">${jit.deadlineText}</time>
          <span id="jit-remaining"></span>
        </p>
      </#if>
      <#if jit.matchCode?has_content>
        <div class="jit-match">
          <p class="jit-match-label">${msg("jitMatchCodeLabel")}</p>
          <p class="jit-match-code" id="jit-match-code">${jit.matchCode}</p>
        </div>
      </#if>
      <p class="jit-hint">${msg("jitWaitingHint")}</p>
      <@common.who/>
    <@common.requestNumber/>
      <form class="jit-form" action="${url.loginAction}" method="post">
        <@common.button name="cancel" label="jitCancelRequest" id="jit-cancel"/>
      </form>
    </div>

    <div class="jit-when-approved" hidden>
      <p>${msg("jitApprovedText")}</p>
      <form class="jit-form" id="jit-continue-form" action="${url.loginAction}" method="post">
        <@common.button name="continue" label="jitContinue" primary=true id="jit-continue"/>
      </form>
    </div>

    <div class="jit-when-session-lost" hidden>
      <p>${msg("jitSessionLostText")}</p>
      <#if jit.applicationUrl?has_content>
        <a class="${properties.kcButtonPrimaryClass!} ${properties.kcButtonBlockClass!} jit-button" href="${jit.applicationUrl}">${msg("jitBackToApplication")}</a>
      </#if>
    </div>
    <script type="module" src="${url.resourcesPath}/js/jit-waiting.js"></script>
  </#if>
  </@common.page>
</#if>
</@layout.registrationLayout>
