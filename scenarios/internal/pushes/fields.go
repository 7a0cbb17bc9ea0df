package pushes

import (
	"net/url"
	"strings"

	"github.com/etcp-mock/etcp-mock/scenarios/internal/expression"
)

// Fields is a push's fields, however it is encoded, and its JSON.
func Fields(contentType, body string) (map[string]any, []byte) {
	text := body
	if strings.HasPrefix(contentType, "application/x-www-form-urlencoded") {
		form, err := url.ParseQuery(body)
		if err != nil {
			return map[string]any{}, nil
		}
		if text = form.Get("data"); text == "" {
			fields := map[string]any{}
			for name := range form {
				fields[name] = form.Get(name)
			}
			return fields, nil
		}
	}
	value, err := expression.Decode([]byte(text))
	fields, ok := value.(map[string]any)
	if err != nil || !ok {
		return map[string]any{}, nil
	}
	return fields, []byte(text)
}
