// Every text of the page: key → [Chinese, English].

import { charts } from './texts-charts.js';
import { city } from './texts-city.js';
import { detail } from './texts-detail.js';
import { faults } from './texts-faults.js';
import { frame } from './texts-frame.js';
import { live } from './texts-live.js';
import { sandboxes } from './texts-sandboxes.js';
import { scenarios } from './texts-scenarios.js';
import { stay } from './texts-stay.js';
import { time } from './texts-time.js';

export const catalogue = { ...frame, ...live, ...detail, ...city, ...time, ...faults, ...scenarios, ...sandboxes, ...stay, ...charts };
