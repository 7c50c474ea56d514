<#import "template.ftl" as layout>
<#import "jit-common.ftl" as common>
<@layout.registrationLayout displayMessage=false; section>
<#if section = "header">
  <span id="jit-heading">${msg("jitJustifyHeading")}</span>
<#elseif section = "form">
  <@common.page state="justify"; part>
  <#if part = "content">
    <@common.what/>
    <@common.who/>
    <form class="jit-form" action="${url.loginAction}" method="post">
      <label class="jit-label" for="jit-justification">${msg("jitJustifyLabel")}</label>
      <p class="jit-help" id="jit-justification-help">${msg("jitJustifyHelp")}</p>
      <textarea id="jit-justification" name="justification" class="jit-textarea" rows="4" maxlength="${jit.justificationMax?c}" required
                aria-describedby="jit-justification-help<#if jit.fieldError?has_content> jit-justification-error</#if>"
                <#if jit.fieldError?has_content>aria-invalid="true"</#if>>${jit.justification!""}</textarea>
      <#if jit.fieldError?has_content><p class="jit-field-error" id="jit-justification-error" role="alert">${jit.fieldError}</p></#if>
      <@common.button name="send" label="jitSendRequest" primary=true id="jit-send"/>
    </form>
    <@common.backToApplication primary=false/>
  </#if>
  </@common.page>
</#if>
</@layout.registrationLayout>
