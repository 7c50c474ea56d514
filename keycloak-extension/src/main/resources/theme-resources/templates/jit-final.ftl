<#import "template.ftl" as layout>
<#import "jit-common.ftl" as common>
<@layout.registrationLayout displayMessage=false; section>
<#if section = "header">
  <span id="jit-heading">${jit.heading}</span>
<#elseif section = "form">
  <@common.page state=jit.state; part>
  <#if part = "content">
    <p class="jit-outcome" id="jit-outcome" role="status">${jit.outcome}</p>
    <@common.what/>
    <#if jit.comment?has_content>
      <figure class="jit-comment">
        <figcaption>${msg("jitCommentLabel")}</figcaption>
        <blockquote id="jit-comment">${jit.comment}</blockquote>
      </figure>
    </#if>
    <#if jit.next?has_content><p class="jit-next">${jit.next}</p></#if>
    <@common.who/>
    <@common.requestNumber/>
    <@common.backToApplication/>
  </#if>
  </@common.page>
</#if>
</@layout.registrationLayout>
