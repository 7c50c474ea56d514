<#ftl output_format="plainText">
<#-- What, from where and when; of their own request, a requester needs no more. -->
<#macro own of>
${msg("jitReviewWhat")}: ${msg("jitReviewAction." + of.action, of.actionName)} – ${of.client}<#if of.client != of.clientId> (${of.clientId})</#if>
<#if of.scopes?has_content>
  ${msg("jitReviewScopes")} ${of.scopes?join(", ")}
</#if>
${msg("jitReviewWhere")}: ${of.ip}<#if of.device?has_content>, ${of.device}</#if>
<#if of.sso>
  ${msg("jitReviewSso")}
</#if>
<#if of.impersonator?has_content>
  ! ${msg("jitReviewImpersonator", of.impersonator)}
</#if>
<#if of.others gt 0>
  ! ${msg("jitReviewOtherBrowser")}
</#if>
${msg("jitReviewWhen")}: ${of.openedAtText}
</#macro>

<#macro facts of>
${msg("jitReviewWho")}: <#if of.name?has_content>${of.name} (${of.username})<#else>${of.username}</#if><#if of.email?has_content>, ${of.email}<#if !of.emailVerified> (${msg("jitReviewEmailNotVerified")})</#if></#if>
<#if of.createdAtText?has_content>
  ${msg("jitReviewSince", of.createdAtText)}<#if of.newAccount> (${msg("jitReviewNewAccount")})</#if>
</#if>
<@own of=of/>
${msg("jitReviewWhy")}: <#if of.reason?has_content>${of.reason} – </#if>${msg("jitReviewPolicy", of.policy)}<#if of.rule?has_content>, ${msg("jitReviewRule", of.rule)}</#if>
<#if of.justification?has_content>
${msg("jitReviewWrote")}:
<#-- Every line is marked, so that nothing the requester wrote can pass for a part of the mail. -->
  > ${of.justification?replace("\n", "\n  > ")}
</#if>
</#macro>
