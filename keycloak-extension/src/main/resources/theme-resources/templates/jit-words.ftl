<#-- Sentences about a request, for pages and for mails in either format. -->

<#function target of>
  <#if !of.target??><#return ""></#if>
  <#if of.target.plain><#return of.target.name></#if>
  <#return msg("jitTargetNamed", of.target.name, msg("jitTarget." + of.target.type))>
</#function>

<#function question of>
  <#return msg("jitReviewQuestion." + of.action, of.requester, of.client, of.actionName, target(of), of.gained)>
</#function>

<#function duration of>
  <#return msg("jitReviewDuration." + of.unit, of.number)>
</#function>

<#function effect of>
  <#return msg("jitReviewEffect." + of.action, of.requester, duration(of.useBy))>
</#function>

<#function grant of>
  <#return msg("jitReviewGrant", duration(of.grant), of.boundTo?map(it -> msg("jitReviewGrantBound." + it))?join(", "))>
</#function>
