package pushes

import "strings"

// Lead is a hook whose URLs below from lead below to: their paths and queries stay.
func Lead(hook map[string]any, from, to string) map[string]any {
	base := strings.TrimRight(to, "/") + "/"
	led := func(value any) any {
		if text, is := value.(string); is && strings.HasPrefix(text, from) {
			return base + strings.TrimPrefix(text, from)
		}
		return value
	}
	out := map[string]any{}
	for name, value := range hook {
		out[name] = led(value)
	}
	if urls, is := hook["urls"].(map[string]any); is {
		own := map[string]any{}
		for kind, value := range urls {
			own[kind] = led(value)
		}
		out["urls"] = own
	}
	return out
}
