<#ftl output_format="plainText">
<#-- Each value has its line and its word, so that none can pass for another. -->
<#macro changes of>
<#if of.target??>
${msg("jitChangeOn")}: ${of.target.name} – ${msg("jitTarget." + of.target.type)}<#if of.target.id?has_content>, ${of.target.id}</#if>
</#if>
<#if of.changes?has_content>
${msg("jitChangeHeading")}:
<#list of.changes as row>
  <#if row.key?has_content>${msg("jitField." + row.key)}<#else>${row.field}</#if>
<#list row.values as value>
    ${msg("jitChange." + value.kind)} <#if value.text?has_content>${value.text}<#else>${msg("jitChangeBlank")}</#if>
<#else>
    ${msg("jitChangeUntold")}
</#list>
<#if row.leftOut gt 0>
    ${msg("jitChangeLeftOut", row.leftOut)}
</#if>
<#if row.alike>
    ! ${msg("jitChangeAlike")}
</#if>
</#list>
<#if of.changesLeftOut gt 0>
  ! ${msg("jitChangeLeftOut", of.changesLeftOut)}
</#if>
</#if>
</#macro>

<#-- What, from where and when; of their own request, a requester needs no more. -->
<#macro own of>
${msg("jitReviewWhat")}: ${msg("jitReviewAction." + of.action, of.actionName)} – ${of.client}<#if of.client != of.clientId> (${of.clientId})</#if>
<#if of.scopes?has_content>
  ${msg("jitReviewScopes")} ${of.scopes?join(", ")}
</#if>
<@changes of=of/>
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
