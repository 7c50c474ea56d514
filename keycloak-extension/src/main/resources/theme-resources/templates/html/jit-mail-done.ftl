<#import "jit-mail-layout.ftl" as mail>
<@mail.letter heading=msg("jitReviewStatus." + jit.status, jit.requester, jit.client)>
  <#if jit.decidedBy?has_content><p>${msg("jitReviewDecisionBy." + jit.status, jit.decidedBy)}</p></#if>
  <p>${msg("jitMailNothingToDo")}</p>
  <@mail.facts of=jit/>
  <p><a href="${jit.link}">${msg("jitMailDetails")}</a></p>
</@mail.letter>
