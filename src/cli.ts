#!/usr/bin/env node
import process from 'node:process';
import { main } from './main.ts';
import { timings } from './timings.ts';

await main(process, timings);
