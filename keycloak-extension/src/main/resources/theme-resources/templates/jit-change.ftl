<#-- What is acted on and what changes, for whoever asks and for whoever decides. Words say what is old and new; signs are not read out. -->

<#macro field of><#if of.key?has_content>${msg("jitField." + of.key)}<#else><bdi>${of.field}</bdi></#if></#macro>

<#macro value of>
  <span class="jit-change-${of.kind}"><span<#if of.kind == "old" || of.kind == "new"> class="jit-only-heard"</#if>>${msg("jitChange." + of.kind)}</span>
    <#if of.text?has_content><bdi class="jit-value">${of.text}</bdi><#else><em>${msg("jitChangeBlank")}</em></#if></span>
</#macro>

<#macro target of>
  <span class="jit-main"><bdi>${of.target.name}</bdi></span>
  <span class="jit-line">${msg("jitTarget." + of.target.type)}<#if of.target.id?has_content>, <span class="jit-raw">${of.target.id}</span></#if></span>
</#macro>

<#macro changes of labelledby="">
  <ul class="jit-changes"<#if labelledby?has_content> aria-labelledby="${labelledby}"</#if>>
    <#list of.changes as row>
      <li data-field="${row.field}">
        <span class="jit-field"><@field of=row/></span>
        <#list row.values as shown>
          <#if shown.kind == "new"><span aria-hidden="true">→</span></#if>
          <@value of=shown/>
        <#else>
          <span class="jit-change-untold">${msg("jitChangeUntold")}</span>
        </#list>
        <#if row.leftOut gt 0><strong class="jit-mark">${msg("jitChangeLeftOut", row.leftOut)}</strong></#if>
        <#if row.alike><strong class="jit-mark"><span aria-hidden="true">⚠</span> ${msg("jitChangeAlike")}</strong></#if>
      </li>
    </#list>
    <#if of.changesLeftOut gt 0><li><strong class="jit-mark"><span aria-hidden="true">⚠</span> ${msg("jitChangeLeftOut", of.changesLeftOut)}</strong></li></#if>
  </ul>
</#macro>
