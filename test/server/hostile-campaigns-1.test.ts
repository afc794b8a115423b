import { hostileCampaigns } from './hostile/hostile-campaigns.js';

// Half of a hundred thousand; the other half is a file of its own, so that two processors share the work.
hostileCampaigns(1, 10, 50_000);
