package pushes

import "strings"

// Lead is a hook whose URLs below from lead below to: their paths and queries stay.
func Lead(hook map[string]any, from, to string) map[string]any {
	base := strings.TrimRight(to, "/") + "/"
	led := func(value any) any {
		if text, ok := value.(string); ok && strings.HasPrefix(text, from) {
			return base + strings.TrimPrefix(text, from)
		}
		return value
	}
	out := map[string]any{}
	for name, value := range hook {
		out[name] = led(value)
	}
	if urls, ok := hook["urls"].(map[string]any); ok {
		own := map[string]any{}
		for kind, value := range urls {
			own[kind] = led(value)
		}
		out["urls"] = own
	}
	return out
}
