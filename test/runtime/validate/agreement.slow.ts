// agreement.slow.ts — the comparison of agreement.test.ts with five times as many schemas.
process.env.TENON_TEST_RUNS ??= '500'
await import('./agreement.test.ts')
