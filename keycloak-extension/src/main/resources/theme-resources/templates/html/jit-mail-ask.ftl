<#import "jit-mail-layout.ftl" as mail>
<#import "../jit-words.ftl" as words>
<@mail.letter heading=words.question(jit)>
  <@mail.facts of=jit/>
  <p>${words.effect(jit)}<br>
    <#if jit.grant??>${words.grant(jit)}<br></#if>
    ${msg("jitReviewUntil")} ${jit.deadlineText}</p>
  <@mail.link label="jitMailReview" href=jit.link/>
  <p style="font-size:13px;opacity:.75">${msg("jitMailWhy", realmName)}</p>
</@mail.letter>
