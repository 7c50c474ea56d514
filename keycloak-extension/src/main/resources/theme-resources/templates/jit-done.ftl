<#import "template.ftl" as layout>
<#import "jit-review-common.ftl" as common>
<@layout.registrationLayout displayMessage=false; section>
<#if section = "header">
  ${jit.heading}
<#elseif section = "form">
  <@common.styles/>
  <section id="jit-review" class="jit-page" data-state="done" aria-labelledby="kc-page-title">
    <div id="jit-done" data-decision="${jit.decision}" data-status="${jit.status}">
      <p class="jit-outcome" role="status">${msg("jitReviewDoneText." + jit.decision + (jit.status == "pending")?then(".pending", ""), jit.requester, jit.client)}</p>
      <p>${msg("jitReviewClose")}</p>
      <@common.toInbox/>
    </div>
    <p class="jit-request">${msg("jitRequestNumber")} <span id="jit-request-id">${jit.id}</span></p>
  </section>
</#if>
</@layout.registrationLayout>
