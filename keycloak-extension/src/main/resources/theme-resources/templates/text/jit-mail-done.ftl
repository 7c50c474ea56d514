<#ftl output_format="plainText">
${msg("jitReviewStatus." + jit.status, jit.requester, jit.client)}
<#if jit.decidedBy?has_content>
${msg("jitReviewDecisionBy." + jit.status, jit.decidedBy)}
</#if>

${msg("jitMailNothingToDo")}

${msg("jitMailDetails")}:
${jit.link}

${msg("jitRequestNumber")} ${jit.id}
