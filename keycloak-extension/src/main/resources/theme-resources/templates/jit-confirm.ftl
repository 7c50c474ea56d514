<#import "template.ftl" as layout>
<#import "jit-common.ftl" as common>
<@layout.registrationLayout displayMessage=false; section>
<#if section = "header">
  <span id="jit-heading">${msg("jitConfirmHeading")}</span>
<#elseif section = "form">
  <@common.page state="confirm"; part>
  <#if part = "content">
    <@common.what/>
    <@common.who/>
    <p>${msg("jitConfirmText")}</p>
    <form class="jit-form" action="${url.loginAction}" method="post">
      <input type="hidden" name="digest" value="${jit.digest}">
      <@common.button name="confirm" label="jitConfirm" primary=true id="jit-confirm"/>
      <@common.button name="decline" label="jitDecline" id="jit-decline"/>
    </form>
  </#if>
  </@common.page>
</#if>
</@layout.registrationLayout>
