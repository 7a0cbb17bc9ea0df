package suggest

import (
	"slices"
	"strings"
	"unicode"
)

// synonym are words that people use for a rule: one of the words, with others only of what it is about.
type synonym struct {
	rule         string
	words, about string
}

// lifetime are words for how long something holds.
const lifetime = "expire expires expired expiry expiration lifetime validity ttl age"

// synonyms are looked at in this order: what a word alone means comes first.
var synonyms = []synonym{
	{"push.schedule", "retry retries retrying backoff attempt attempts redelivery interval intervals", "push pushes webhook callback delivery schedule count max delay policy times"},
	{"push.rate", "qps rps tps throttle ratelimit limit rate", "push pushes webhook callback max rate limit"},
	{"token.ttl", lifetime, "token tokens login session user auth time"},
	{"sms.ttl", lifetime, "sms code captcha time"},
	{"quote.ttl", lifetime, "quote fee price time"},
	{"timestamp.window", lifetime + " skew drift tolerance", "timestamp stamp clock time"},
	{"sms.interval", "cooldown resend limit rate throttle qps", "sms code captcha interval"},
	{"bind.max", "limit plates cars vehicles", "bind binding bindings user plate plates car cars vehicle vehicles max limit"},
	{"memory.max", "limit", "memory ram heap"},
	{"search.page", "pagesize size limit", "page search parking parkings"},
	{"push.timeout", "deadline", "push pushes webhook callback"},
	{"push.ordering", "order sequence fifo", "push pushes webhook callback"},
	{"push.encoding", "format contenttype body", "push pushes webhook callback content type"},
}

// Rule is [Dotted] of the names of rules, which also knows the words that people use for one: push.retry is push.schedule, though push.rate
// has more of its letters.
func Rule(given string, known []string) (meant string, alike []string) {
	parts := words(given)
	if len(given) > longest || slices.ContainsFunc(known, func(name string) bool { return fold(name) == fold(given) }) {
		return Dotted(given, known)
	}
	for _, s := range synonyms {
		if s.means(parts) && slices.Contains(known, s.rule) {
			return s.rule, nil
		}
	}
	return Dotted(given, known)
}

// means reports whether the words of a name are the rule's: ttl alone may be any lifetime, and interval any interval.
func (s *synonym) means(parts []string) bool {
	triggers, about := strings.Fields(s.words), strings.Fields(s.about)
	if len(parts) == 1 && (parts[0] == "ttl" || parts[0] == "interval") {
		return false
	}
	return slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(triggers, part) }) &&
		!slices.ContainsFunc(parts, func(part string) bool { return !slices.Contains(triggers, part) && !slices.Contains(about, part) })
}

// words are those of a name, in lower case: push.maxRetries is push, max, retries.
func words(name string) []string {
	var b strings.Builder
	lower := false
	for _, r := range name {
		if unicode.IsUpper(r) && lower {
			b.WriteByte(' ')
		}
		lower = unicode.IsLower(r)
		if strings.ContainsRune("._- ", r) {
			r = ' '
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.Fields(b.String())
}
