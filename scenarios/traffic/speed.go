package traffic

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// ParseSpeed reads a speed: "max" (0, at once), "10x", or a number. nil and "" are max.
func ParseSpeed(v any) (float64, error) {
	var text string
	switch x := v.(type) {
	case nil:
		return 0, nil
	case string:
		text = x
	case float64, int, json.Number:
		text = fmt.Sprint(x)
	}
	if text == "" && v == "" || text == "max" {
		return 0, nil
	}
	const fastest = 1e9
	speed, err := strconv.ParseFloat(strings.TrimSuffix(text, "x"), 64)
	if err != nil || !(speed > 0 && speed <= fastest) {
		return 0, fmt.Errorf("want max, or how much faster than real time, such as 10x, got %q", text)
	}
	return speed, nil
}
