import {enableDetails} from './details.js';
import {enableGroups} from './groups.js';
import {enableReview} from './review.js';
import {enableSearch} from './search.js';
import {showStatus} from './status.js';
import {enableToken} from './token.js';
import {enableViews} from './views.js';
import {enableWhy} from './why.js';

enableToken();
enableViews();
showStatus();
enableSearch();
enableDetails();
enableReview();
enableWhy();
enableGroups();
