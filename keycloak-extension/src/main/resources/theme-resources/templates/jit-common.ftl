<#-- What every page of the checkpoint shows in the same order: what, why, from whom, until when. -->

<#import "jit-change.ftl" as change>

<#macro page state>
  <link rel="stylesheet" href="${url.resourcesPath}/css/jit-approval.css">
  <div id="jit-page" class="jit-page" data-state="${state}" <#nested "attributes">>
    <#nested "content">
  </div>
</#macro>

<#macro what>
  <p class="jit-what" id="jit-what">${jit.what}</p>
  <#if jit.target??>
    <h2 class="jit-subheading">${msg("jitChangeOn")}</h2>
    <p id="jit-target"><@change.target of=jit/></p>
  </#if>
  <#if jit.changes?has_content>
    <h2 class="jit-subheading" id="jit-changes-heading">${msg("jitChangeHeading")}</h2>
    <@change.changes of=jit labelledby="jit-changes-heading"/>
  </#if>
  <#if jit.reason?has_content><p class="jit-reason" id="jit-reason">${jit.reason}</p></#if>
</#macro>

<#macro who>
  <p class="jit-who">${msg("jitSignedInAs", jit.username)} <a href="${url.loginRestartFlowUrl}">${msg("jitNotYou")}</a></p>
</#macro>

<#macro requestNumber>
  <#if jit.requestId?has_content>
    <p class="jit-request">${msg("jitRequestNumber")} <span id="jit-request-id">${jit.requestId}</span></p>
  <#elseif jit.reference?has_content>
    <p class="jit-request">${msg("jitReference")} <span id="jit-reference">${jit.reference}</span></p>
  </#if>
</#macro>

<#macro stages>
  <#if jit.stages?has_content>
    <h2 class="jit-subheading" id="jit-stages-heading">${msg("jitStagesHeading")}</h2>
    <ol id="jit-stages" class="jit-stages" aria-labelledby="jit-stages-heading">
      <#list jit.stages as stage>
        <li class="jit-stage" data-stage="${stage.id}" data-stage-state="${stage.state}"<#if stage.state == "current"> aria-current="step"</#if>>
          <span class="jit-stage-name">${stage.label}</span>
          <span class="jit-stage-text">${stage.text}</span>
        </li>
      </#list>
    </ol>
  </#if>
</#macro>

<#macro button name label primary=false id="">
  <button type="submit" name="jit" value="${name}"<#if id?has_content> id="${id}"</#if>
          class="<#if primary>${properties.kcButtonPrimaryClass!}<#else>${properties.kcButtonSecondaryClass!}</#if> ${properties.kcButtonBlockClass!} jit-button">${msg(label)}</button>
</#macro>

<#macro backToApplication primary=true>
  <form class="jit-form" action="${url.loginAction}" method="post">
    <@button name="back" label="jitBackToApplication" primary=primary id="jit-back"/>
  </form>
</#macro>
