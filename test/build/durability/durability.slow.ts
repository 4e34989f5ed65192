// durability.slow.ts — hundreds of kills, and many builds beside many collections.
import { test } from 'node:test'
import { buildAndCollect } from './at-once.ts'
import { killBuilds, killCollections } from './kill.ts'

test('a build killed at two hundred random moments leaves a whole store each time', async (t) => {
  await killBuilds(t, 200, 5)
})

test('a collection killed at a hundred random moments leaves a whole store each time', async (t) => {
  await killCollections(t, 100)
})

test('four builders and a collector over one store for a hundred builds', async (t) => {
  await buildAndCollect(t, 4, 25)
})
