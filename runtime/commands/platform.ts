// platform.ts — what this machine is, in the plan's words.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import type { Platform } from '../../dsl/plan/plan.ts'

/** @throws CodedError TN3790 on a platform whose steps cannot be isolated. */
export function currentPlatform(): Platform {
  const { platform, arch } = process
  if (platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64'))
    throw new CodedError('TN3790', `Tenon runs steps on Linux (x64, arm64); this is ${platform} ${arch}`, {
      hint: 'use a Linux machine, virtual machine or container',
    })
  return { os: platform, arch }
}
