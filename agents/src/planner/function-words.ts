import type { TimeGrain } from '@plumbline/tools/contract'
import type { PlanAggregate, TimePart } from '@plumbline/tools/plan'

/** What a word of plain English does in a question; none of these is a word of any data. */
export type Role =
  | { tag: 'count' }
  | { tag: 'amount' }
  | { tag: 'aggregate'; fn: PlanAggregate }
  | { tag: 'distinct' }
  | { tag: 'group' }
  | { tag: 'which' }
  | { tag: 'when' }
  | { tag: 'list' }
  | { tag: 'share' }
  | { tag: 'compare' }
  /** `single`: the strength of the relation as one number is asked for. */
  | { tag: 'relate'; single?: true; reversed?: true }
  | { tag: 'not' }
  | { tag: 'without' }
  | {
      tag: 'superlative'
      direction: 'desc' | 'asc' | 'best' | 'worst'
      wants: 'group' | 'degree' | 'recent' | 'frequent'
    }
  | { tag: 'comparator'; op: '>' | '>=' | '<' | '<=' | '=' | '<>' | 'between' }
  | { tag: 'tail-comparator'; op: '>=' | '<=' }
  | { tag: 'sort' }
  | { tag: 'direction'; direction: 'asc' | 'desc' }
  | { tag: 'grain'; grain: TimeGrain }
  | { tag: 'part'; part: TimePart }
  | { tag: 'and' }
  | { tag: 'or' }
  | { tag: 'than' }
  | { tag: 'of' }
  | { tag: 'preposition' }
  | { tag: 'having' }
  | { tag: 'unit'; unit: string }
  | { tag: 'follow'; how: 'add' | 'about' | 'instead' | 'only' }
  /** A verb of relation: explained only when it stands between two things of the model. */
  | { tag: 'verb' }
  | { tag: 'filler' }

const TABLE: [Role, string][] = [
  [
    { tag: 'count' },
    'how many|number of|the number of|count of|counts of|count|how often|total number of|number|how many times',
  ],
  [{ tag: 'amount' }, 'how much'],
  [{ tag: 'aggregate', fn: 'avg' }, 'average|mean|avg|on average|typical|averages|average of|mean of'],
  [{ tag: 'aggregate', fn: 'sum' }, 'total|sum|sum of|total of|overall|combined|in total|altogether|totals'],
  [{ tag: 'aggregate', fn: 'max' }, 'maximum|max|maximal'],
  [{ tag: 'aggregate', fn: 'min' }, 'minimum|min|minimal'],
  [{ tag: 'aggregate', fn: 'median' }, 'median|medians'],
  [{ tag: 'distinct' }, 'distinct|different|unique|various'],
  [
    { tag: 'group' },
    'by|per|for each|for every|each|every|across|grouped by|broken down by|split by|in each|in every|of each|of every|at each|on each|from each|to each|breakdown by|depending on|over each|along with|with each|as well as by',
  ],
  [
    { tag: 'which' },
    'which|what|who|what kind of|which of|what are|what is|what was|what were|who is|who are|which are|whats|where',
  ],
  [{ tag: 'when' }, 'when'],
  [
    { tag: 'list' },
    'list|show|show me|give|give me|tell me|find|display|return|name|what about the|get|print|enumerate|see',
  ],
  [
    { tag: 'share' },
    'share of|share|percentage of|percentage|percent of|percent|proportion of|proportion|fraction of|fraction|rate of|ratio of|rate|ratio|what percent|as a share|as a percentage|as share|as percentage|as percent|% of',
  ],
  [
    { tag: 'compare' },
    'compare|compared to|compared with|comparison of|comparison|vs|versus|difference between|difference in|against|differ|comparing|as opposed to',
  ],
  [{ tag: 'relate', reversed: true }, 'depend on|depends on|as a function of'],
  [
    { tag: 'relate', single: true },
    'correlation between|correlation of|correlation|correlate|correlated|correlated with|correlate with',
  ],
  [
    { tag: 'relate' },
    'relate|related|relate to|relation between|relationship between|relationship of|affect|affects|influence|influences|impact|impact of|effect of|relationship|relation',
  ],
  [{ tag: 'not' }, 'not|no|except|except for|excluding|other than|exclude|never|apart from|besides|nor|neither'],
  [
    { tag: 'without' },
    'without|without any|that have no|who have no|that had no|with no|which have no|having no|have no|has no|had no|not have|not have any|never had|no longer have',
  ],
  [
    { tag: 'superlative', direction: 'desc', wants: 'degree' },
    'most|highest|largest|biggest|greatest|largest number of|most number of|highest number of|greatest number of|peak',
  ],
  [
    { tag: 'superlative', direction: 'asc', wants: 'degree' },
    'least|fewest|lowest|smallest|fewest number of|lowest number of|smallest number of|least number of',
  ],
  [{ tag: 'superlative', direction: 'best', wants: 'degree' }, 'best|strongest'],
  [{ tag: 'superlative', direction: 'worst', wants: 'degree' }, 'worst|poorest|weakest'],
  [{ tag: 'superlative', direction: 'desc', wants: 'group' }, 'top|leading'],
  [{ tag: 'superlative', direction: 'asc', wants: 'group' }, 'bottom'],
  [{ tag: 'superlative', direction: 'desc', wants: 'recent' }, 'latest|most recent|newest|last'],
  [{ tag: 'superlative', direction: 'asc', wants: 'recent' }, 'earliest|first'],
  [
    { tag: 'superlative', direction: 'desc', wants: 'frequent' },
    'busiest|most common|most popular|most frequent|most frequently|most often|commonest|most commonly|most frequented|most used|most commonly used|most visited',
  ],
  [
    { tag: 'superlative', direction: 'asc', wants: 'frequent' },
    'quietest|least common|least popular|least frequent|rarest|least busy',
  ],
  [
    { tag: 'comparator', op: '>' },
    'more than|greater than|over|above|larger than|bigger than|higher than|exceeding|exceeds|exceed|>|in excess of|upwards of',
  ],
  [{ tag: 'comparator', op: '>=' }, 'at least|no less than|no fewer than|minimum of|>=|not less than|a minimum of'],
  [{ tag: 'comparator', op: '<' }, 'less than|fewer than|under|below|smaller than|lower than|<'],
  [{ tag: 'comparator', op: '<=' }, 'at most|no more than|up to|maximum of|<=|not more than|a maximum of'],
  [{ tag: 'comparator', op: '=' }, 'exactly|equal to|equals|equal|='],
  [{ tag: 'comparator', op: '<>' }, 'not equal to|<>|!='],
  [{ tag: 'comparator', op: 'between' }, 'between'],
  [{ tag: 'tail-comparator', op: '>=' }, 'or more|or longer|or above|or higher|and above|or over|or later'],
  [{ tag: 'tail-comparator', op: '<=' }, 'or less|or fewer|or below|or lower|and below|or under|or shorter'],
  [{ tag: 'sort' }, 'sorted by|ordered by|order by|sort by|ranked by|in order of|rank by|in the order of'],
  [
    { tag: 'direction', direction: 'asc' },
    'ascending|ascending order|in ascending order|alphabetically|in alphabetical order|alphabetical order|alphabetic order|lowest first|from low to high|increasing order|in ascending order of|ascending order of|from lowest to highest',
  ],
  [
    { tag: 'direction', direction: 'desc' },
    'descending|descending order|in descending order|highest first|from high to low|decreasing order|reverse order|in descending order of|descending order of|from highest to lowest',
  ],
  [{ tag: 'grain', grain: 'day' }, 'day|days|date|dates|daily'],
  [{ tag: 'grain', grain: 'week' }, 'week|weeks|weekly'],
  [{ tag: 'grain', grain: 'month' }, 'month|months|monthly|over time|month by month|trend|trend of'],
  [{ tag: 'grain', grain: 'quarter' }, 'quarter|quarters|quarterly'],
  [{ tag: 'grain', grain: 'year' }, 'year|years|yearly|annually|annual'],
  [
    { tag: 'part', part: 'hour' },
    'hour|hours|hourly|hour of the day|hour of day|time of day|time of the day|hours of the day',
  ],
  [{ tag: 'part', part: 'weekday' }, 'day of the week|day of week|days of the week|weekday|weekdays name|week day'],
  [{ tag: 'part', part: 'month' }, 'month of the year|month of year'],
  [{ tag: 'part', part: 'day' }, 'day of the month|day of month'],
  [{ tag: 'and' }, 'and|as well as|together with|plus|and also|also|both'],
  [{ tag: 'or' }, 'or|either'],
  [{ tag: 'than' }, 'than'],
  [{ tag: 'of' }, 'of'],
  [{ tag: 'having' }, 'with|having|have|has|had|whose'],
  [{ tag: 'unit', unit: 'min' }, 'minute|minutes|mins'],
  [{ tag: 'unit', unit: 'h' }, 'hrs'],
  [{ tag: 'unit', unit: 'mi' }, 'mile|miles'],
  [{ tag: 'unit', unit: 'km' }, 'km|kilometer|kilometers|kilometre|kilometres'],
  [{ tag: 'unit', unit: 'mph' }, 'mph|miles per hour'],
  [{ tag: 'unit', unit: '°F' }, 'degrees|degree|fahrenheit|degrees fahrenheit'],
  [{ tag: 'unit', unit: 'ft' }, 'feet|ft'],
  [{ tag: 'unit', unit: 'in' }, 'inch|inches'],
  [{ tag: 'unit', unit: '$' }, 'dollars|usd'],
  [{ tag: 'follow', how: 'about' }, 'what about|how about|and what about'],
  [{ tag: 'follow', how: 'instead' }, 'instead|rather'],
  [{ tag: 'follow', how: 'only' }, 'only|just|limit to|restrict to|restricted to|limited to'],
  [
    { tag: 'verb' },
    `buy|buys|bought|purchase|purchased|purchases|sell|sells|sold|place|placed|places|teach|teaches|taught|attend|attends|attended|
    enrolled|enroll|enrol|work|works|worked|working|study|studies|studied|own|owns|owned|offer|offers|offered|
    write|writes|wrote|written|play|plays|played|produce|produces|produced|manage|manages|managed|register|registered|taken|taking|
    receive|received|hold|holds|held|join|joined|earn|earned|visit|visited|run|ran|ordered by|serve|serves|served|participate|participated`,
  ],
  [
    { tag: 'preposition' },
    'in|on|at|for|from|to|during|with respect to|within|among|amongst|into|through|via|off|as|about',
  ],
  [
    { tag: 'filler' },
    `a|an|the|this|that|these|those|it|its|they|them|their|there|i|me|my|we|us|our|you|your|is|are|was|were|be|been|being|am|do|does|did|done|
    can|could|would|should|shall|might|please|kindly|so|then|if|any|some|all|many|much|one|ones|want|wants|like to|would like|
    know|need|let|lets|go|goes|went|happen|happened|happens|occur|occurred|occurs|exist|exists|existing|recorded|record|records|rows|row|data|dataset|
    database|information|info|value|values|result|results|answer|question|tell|say|respectively|overall|out|up|down|how|take|took|takes|make|
    get|gets|got|look|looking|see|use|used|uses|using|belong|belongs|belonging|contain|contains|containing|include|includes|including|included|
    ever|currently|corresponding|given|whole|entire|who|whom|here|now|too|very|really|still|yet|actually|compute|calculate|work out|
    located|based|live|lives|living|lived|reside|resides|across all|for all|over all|among all|of all|thanks|thank you|hi|hello|ok|okay|he|she|his|her|made by|based on|associated|associated with|same|available|
    order|ordering|such|while|according to|table|chart|graph|plot|draw|time|times|period`,
  ],
]

const WORDS = new Map<string, Role>()
for (const [role, words] of TABLE) {
  for (const phrase of words.split('|')) {
    const key = phrase.trim().replaceAll(/\s+/g, ' ')
    if (!WORDS.has(key)) WORDS.set(key, role)
  }
}

export const LONGEST_FUNCTION = 5

/** The role of a phrase in lower case, words parted by one blank. */
export function functionWord(phrase: string): Role | undefined {
  return WORDS.get(phrase)
}

/** Bare nouns of the table that a model may well use for a thing of its own: "order", "time", "date", "type". */
export const WEAK = new Set([
  'filler',
  'grain',
  'part',
  'unit',
  'list',
  'count',
  'share',
  'preposition',
  'aggregate',
  'amount',
  'sort',
])
