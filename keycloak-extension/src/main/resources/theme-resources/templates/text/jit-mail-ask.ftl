<#ftl output_format="plainText">
<#import "jit-mail-facts.ftl" as mail>
${msg("jitReviewQuestion." + jit.action, jit.requester, jit.client, jit.actionName)}

<@mail.facts of=jit/>

${msg("jitReviewEffect." + jit.action, jit.requester, msg("jitReviewDuration." + jit.useBy.unit, jit.useBy.number))}
${msg("jitReviewUntil")} ${jit.deadlineText}

${msg("jitMailReview")}:
${jit.link}

${msg("jitMailWhy", realmName)}
${msg("jitRequestNumber")} ${jit.id}
