<#import "jit-mail-layout.ftl" as mail>
<@mail.letter heading=msg("jitMailOutcome." + jit.status, jit.client)>
  <#if jit.decidedBy?has_content && (jit.status == "approved" || jit.status == "denied")><p>${msg("jitReviewDecisionBy." + jit.status, jit.decidedBy)}</p></#if>
  <#if jit.comment?has_content>
    <p>${msg("jitCommentLabel")}</p>
    <blockquote style="margin:0 0 16px;padding-left:12px;border-left:3px solid #b8bbbe;white-space:pre-wrap">${jit.comment}</blockquote>
  </#if>
  <#if jit.usable><p>${msg(jit.signIn?then("jitMailUseIt", "jitMailUseItHere"), jit.client, jit.deadlineText)}</p></#if>
  <@mail.own of=jit/>
  <p style="font-size:13px;opacity:.75">${msg("jitMailNotYou", realmName)}</p>
</@mail.letter>
