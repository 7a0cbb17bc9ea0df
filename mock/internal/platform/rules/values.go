package rules

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/etcp-mock/etcp-mock/internal/duration"
	"github.com/etcp-mock/etcp-mock/internal/excerpt"
)

// canonical brings the several ways of writing a value to one.
func canonical(rule *Rule, value any) any {
	switch v := value.(type) {
	case int:
		return float64(v)
	case json.Number:
		if f, err := v.Float64(); err == nil {
			return f
		}
	case []any:
		return slices.Clone(v)
	case string:
		switch rule.Default.(type) {
		case []any:
			parts := []any{}
			for part := range strings.SplitSeq(v, ",") {
				if part = strings.TrimSpace(part); part != "" {
					parts = append(parts, part)
				}
			}
			return parts
		case float64:
			if f, err := strconv.ParseFloat(v, 64); err == nil {
				return f
			}
		case bool:
			if b, err := strconv.ParseBool(v); err == nil {
				return b
			}
		}
	}
	return value
}

// apply puts a value into the field of its rule.
func (rule *Rule) apply(r *Rules, value any) (err error) {
	if rule.field == nil {
		text, err := ruleText(value)
		if err == nil {
			r.messages[rule.code] = text
		}
		return err
	}
	switch field := rule.field(r).(type) {
	case *bool:
		b, ok := value.(bool)
		if !ok {
			return fmt.Errorf("want true or false, got %s", shown(value))
		}
		*field = b
	case *int:
		*field, err = rule.number(value)
	case *Ratio:
		f, ok := value.(float64)
		if !ok || !(f >= 0 && f <= 1) {
			return fmt.Errorf("want a number from 0 to 1, got %s", shown(value))
		}
		*field = Ratio(math.Round(float64(f * 10_000)))
	case *time.Duration:
		*field, err = rule.duration(value)
	case *[]time.Duration:
		*field, err = rule.durations(value)
	case *string:
		*field, err = rule.text(value)
	}
	return err
}

func (rule *Rule) number(value any) (int, error) {
	f, ok := value.(float64)
	least, most := 1, rule.largest()
	if rule.least > 0 {
		least = rule.least
	}
	if rule.none {
		least = 0
	}
	if !ok || f != math.Trunc(f) || f < float64(least) || f > float64(most) {
		return 0, fmt.Errorf("want a whole number from %d to %d, got %s", least, most, shown(value))
	}
	return int(f), nil
}

func (rule *Rule) largest() int { return cmp.Or(rule.most, maxRuleCount) }

func (rule *Rule) text(value any) (string, error) {
	text, err := ruleText(value)
	if err == nil && len(rule.OneOf) > 0 && !slices.Contains(rule.OneOf, text) {
		return "", fmt.Errorf("want one of %s, got %s", strings.Join(rule.OneOf, ", "), shown(text))
	}
	return text, err
}

func (rule *Rule) durations(value any) ([]time.Duration, error) {
	list, ok := value.([]any)
	if !ok || len(list) > maxRuleSteps {
		return nil, fmt.Errorf("want a list of at most %d durations such as [\"10s\", \"2m\"], got %s", maxRuleSteps, shown(value))
	}
	out := make([]time.Duration, 0, len(list))
	for _, item := range list {
		d, err := rule.duration(item)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

func ruleText(value any) (string, error) {
	text, ok := value.(string)
	if !ok || text == "" || len(text) > maxRuleText {
		return "", fmt.Errorf("want a text of 1 to %d bytes, got %s", maxRuleText, shown(value))
	}
	return text, nil
}

func (rule *Rule) duration(value any) (time.Duration, error) {
	text, _ := value.(string)
	d, err := duration.Parse(text)
	limit := maxRuleDuration
	if rule.wall {
		limit = 10 * time.Minute
	}
	if err != nil || d > limit || (rule.wall && d <= 0) {
		return 0, fmt.Errorf("want a duration up to %s such as \"90s\", \"1h30m\" or \"8d\", got %s", duration.Format(limit), shown(value))
	}
	return d, nil
}

// shown is a value as JSON has it, so that a text stands in quotes, and is never taken for a word of the message.
func shown(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return excerpt.Bytes(string(text), 200)
}
