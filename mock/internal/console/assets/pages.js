// The pages there are, by the name that the address has for them.

import { charts } from './charts.js';
import { city } from './city.js';
import { faults } from './faults.js';
import { live } from './live.js';
import { log } from './log.js';
import { orders } from './orders.js';
import { sandboxes } from './sandboxes.js';
import { scenarios } from './scenarios.js';
import { sms } from './sms.js';
import { stay } from './stay.js';
import { time } from './time.js';

export const pages = { live, orders, stay, sms, city, time, faults, scenarios, sandboxes, log, charts };

// shownIn are the pages that are part of another in the navigation.
export const shownIn = { stay: 'orders' };
