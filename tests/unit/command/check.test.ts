import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import type { Finding } from '../../../electron/command/check/finding'
import { junitOf } from '../../../electron/command/check/junit'

const findings: Finding[] = [
  { area: 'services', name: 'comfy', state: 'passed', message: '', hint: '', tookMs: 20 },
  { area: 'services', name: 'forge', state: 'skipped', message: 'stopped', hint: '', tookMs: 0 },
  {
    area: 'drift',
    name: 'a "b" <c>',
    state: 'failed',
    message: 'x & y\u0000\u001B',
    hint: 'Fix <it>]]>',
    tookMs: 1230,
  },
]

it('reports what it found as JUnit’s XML, whatever stands in it', () => {
  expect(junitOf(findings)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="regie" tests="3" failures="1" errors="0" skipped="1" time="1.250">
  <testsuite name="services" tests="2" failures="0" errors="0" skipped="1" time="0.020">
    <testcase classname="regie.services" name="comfy" time="0.020"/>
    <testcase classname="regie.services" name="forge" time="0.000"><skipped message="stopped"/></testcase>
  </testsuite>
  <testsuite name="drift" tests="1" failures="1" errors="0" skipped="0" time="1.230">
    <testcase classname="regie.drift" name="a &quot;b&quot; &lt;c&gt;" time="1.230"><failure message="x &amp; y">Fix &lt;it&gt;]]&gt;</failure></testcase>
  </testsuite>
</testsuites>
`)
})

const noPython = spawnSync('python3', ['--version'], { stdio: 'ignore' }).status !== 0

it.skipIf(noPython)('is well-formed for a real reader of XML', () => {
  const read = 'import sys, xml.etree.ElementTree as t; print(t.fromstring(sys.stdin.buffer.read()).get("failures"))'
  const { stdout, stderr } = spawnSync('python3', ['-c', read], { input: junitOf(findings), encoding: 'utf8' })
  expect([stdout.trim(), stderr]).toEqual(['1', ''])
})
