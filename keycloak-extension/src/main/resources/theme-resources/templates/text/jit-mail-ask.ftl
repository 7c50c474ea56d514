<#ftl output_format="plainText">
<#import "jit-mail-facts.ftl" as mail>
<#import "../jit-words.ftl" as words>
${words.question(jit)}

<@mail.facts of=jit/>

${words.effect(jit)}
<#if jit.grant??>
${words.grant(jit)}
</#if>
${msg("jitReviewUntil")} ${jit.deadlineText}

${msg("jitMailReview")}:
${jit.link}

${msg("jitMailWhy", realmName)}
${msg("jitRequestNumber")} ${jit.id}
