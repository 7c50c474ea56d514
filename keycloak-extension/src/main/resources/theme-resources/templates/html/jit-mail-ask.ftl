<#import "jit-mail-layout.ftl" as mail>
<@mail.letter heading=msg("jitReviewQuestion." + jit.action, jit.requester, jit.client, jit.actionName)>
  <@mail.facts of=jit/>
  <p>${msg("jitReviewEffect." + jit.action, jit.requester, msg("jitReviewDuration." + jit.useBy.unit, jit.useBy.number))}<br>
    ${msg("jitReviewUntil")} ${jit.deadlineText}</p>
  <@mail.link label="jitMailReview" href=jit.link/>
  <p style="font-size:13px;opacity:.75">${msg("jitMailWhy", realmName)}</p>
</@mail.letter>
