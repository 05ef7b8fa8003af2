import { defineConfig } from 'playwright/test'
import usual from './playwright.config'

/** `npm run walk`: what takes too long for every run of the tests. */
export default defineConfig({ ...usual, testMatch: '*.long.ts', projects: [{ name: 'long' }] })
