<#import "template.ftl" as layout>
<#macro letter heading>
<@layout.emailLayout>
<div style="font-family:sans-serif;font-size:16px;line-height:1.5;max-width:36em;overflow-wrap:anywhere">
  <h1 style="font-size:20px;margin:0 0 16px">${heading}</h1>
  <#nested>
  <p style="font-size:13px;opacity:.75">${msg("jitRequestNumber")} ${jit.id}</p>
</div>
</@layout.emailLayout>
</#macro>

<#macro row label>
  <tr>
    <th scope="row" style="text-align:start;vertical-align:top;padding:4px 16px 4px 0;font-weight:normal;white-space:nowrap;opacity:.75">${msg(label)}</th>
    <td style="padding:4px 0"><#nested></td>
  </tr>
</#macro>

<#macro what of>
  <@row label="jitReviewWhat"><strong>${msg("jitReviewAction." + of.action, of.actionName)}</strong> – ${of.client}<#if of.client != of.clientId> (${of.clientId})</#if>
    <#if of.scopes?has_content><br>${msg("jitReviewScopes")} ${of.scopes?join(", ")}</#if></@row>
</#macro>

<#macro changes of>
  <#if of.target??><@row label="jitChangeOn"><strong>${of.target.name}</strong> – ${msg("jitTarget." + of.target.type)}<#if of.target.id?has_content>, ${of.target.id}</#if></@row></#if>
  <#if of.changes?has_content>
    <@row label="jitChangeHeading">
      <#list of.changes as row>
        <strong><#if row.key?has_content>${msg("jitField." + row.key)}<#else>${row.field}</#if></strong><br>
        <#list row.values as value>
          ${msg("jitChange." + value.kind)} <#if value.text?has_content><bdi style="background:rgba(128,128,128,.15);padding:0 4px">${value.text}</bdi><#else><em>${msg("jitChangeBlank")}</em></#if><br>
        <#else>
          ${msg("jitChangeUntold")}<br>
        </#list>
        <#if row.leftOut gt 0><strong>${msg("jitChangeLeftOut", row.leftOut)}</strong><br></#if>
        <#if row.alike><strong>${msg("jitChangeAlike")}</strong><br></#if>
      </#list>
      <#if of.changesLeftOut gt 0><strong>${msg("jitChangeLeftOut", of.changesLeftOut)}</strong></#if>
    </@row>
  </#if>
</#macro>

<#macro where of>
  <@row label="jitReviewWhere">
    ${of.ip}<#if of.device?has_content>, ${of.device}</#if>
    <#if of.sso><br>${msg("jitReviewSso")}</#if>
    <#if of.impersonator?has_content><br><strong>${msg("jitReviewImpersonator", of.impersonator)}</strong></#if>
    <#if of.others gt 0><br><strong>${msg("jitReviewOtherBrowser")}</strong></#if>
  </@row>
  <@row label="jitReviewWhen">${of.openedAtText}</@row>
</#macro>

<#macro table>
<table role="presentation" style="border-collapse:collapse;margin:0 0 16px"><#nested></table>
</#macro>

<#-- What a requester's own request was: enough to see whether it was theirs. -->
<#macro own of>
<@table>
  <@what of=of/>
  <@changes of=of/>
  <@where of=of/>
</@table>
</#macro>

<#macro facts of>
<@table>
  <@row label="jitReviewWho">
    <strong><#if of.name?has_content>${of.name}<#else>${of.username}</#if></strong> (${of.username})
    <#if of.email?has_content><br>${of.email}<#if !of.emailVerified> <strong>${msg("jitReviewEmailNotVerified")}</strong></#if></#if>
    <#if of.createdAtText?has_content><br>${msg("jitReviewSince", of.createdAtText)}<#if of.newAccount> <strong>${msg("jitReviewNewAccount")}</strong></#if></#if>
  </@row>
  <@what of=of/>
  <@changes of=of/>
  <@where of=of/>
  <@row label="jitReviewWhy"><#if of.reason?has_content>${of.reason}<br></#if>${msg("jitReviewPolicy", of.policy)}<#if of.rule?has_content>, ${msg("jitReviewRule", of.rule)}</#if></@row>
  <#if of.justification?has_content><@row label="jitReviewWrote"><span style="white-space:pre-wrap">${of.justification}</span></@row></#if>
</@table>
</#macro>

<#macro link label href>
<p><a href="${href}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:#0066cc;color:#ffffff;text-decoration:none">${msg(label)}</a></p>
<p style="font-size:13px;opacity:.75">${href}</p>
</#macro>
