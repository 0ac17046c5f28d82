import {enableDetails} from './details.js';
import {showMatches} from './matches.js';
import {enableSearch} from './search.js';
import {showStatus} from './status.js';
import {enableToken} from './token.js';

enableToken();
showStatus();
enableSearch();
enableDetails();
showMatches();
