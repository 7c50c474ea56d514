<#ftl output_format="plainText">
<#import "jit-mail-facts.ftl" as mail>
${msg("jitMailOutcome." + jit.status, jit.client)}
<#if jit.decidedBy?has_content && (jit.status == "approved" || jit.status == "denied")>
${msg("jitReviewDecisionBy." + jit.status, jit.decidedBy)}
</#if>
<#if jit.comment?has_content>

${msg("jitCommentLabel")}
  > ${jit.comment?replace("\n", "\n  > ")}
</#if>
<#if jit.usable>

${msg(jit.signIn?then("jitMailUseIt", "jitMailUseItHere"), jit.client, jit.deadlineText)}
</#if>

<@mail.own of=jit/>

${msg("jitMailNotYou", realmName)}
${msg("jitRequestNumber")} ${jit.id}
