<#ftl output_format="plainText">
<#import "jit-mail-facts.ftl" as mail>
${msg("jitReviewStatus." + jit.status, jit.requester, jit.client)}
<#if jit.decidedBy?has_content>
${msg("jitReviewDecisionBy." + jit.status, jit.decidedBy)}
</#if>

${msg("jitMailNothingToDo")}

<@mail.facts of=jit/>

${msg("jitMailDetails")}:
${jit.link}

${msg("jitRequestNumber")} ${jit.id}
