package control

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

// keeps tells of a call whether its texts are kept and shown again. What stands there for a hidden key came out of another answer, and would be
// kept for the text itself.
func keeps(method, path string) bool {
	switch method {
	case http.MethodPost:
		return path == Prefix+"/sandboxes" || path == of+"/faults" || path == of+"/pushes"
	case http.MethodPut:
		return path == of+"/merchants/:no" || path == of+"/parkings/:parking" || path == of+"/vehicles/:plate"
	case http.MethodPatch:
		return path == of+"/rules"
	}
	return false
}

// mostSearched is how large a body may be for the place in it to be looked for.
const mostSearched = 1 << 20

// unhidden refuses a body to be kept in which a key was hidden. One that is no JSON is refused elsewhere.
func unhidden(body []byte) error {
	const escaped = `\u2022`
	if !bytes.Contains(body, []byte(mask.Hidden)) && !bytes.Contains(body, []byte(escaped)) {
		return nil
	}
	invalid := &strict.Invalid{}
	var value any
	if len(body) > mostSearched {
		invalid.Add("", wasHidden)
	} else if json.Unmarshal(body, &value) == nil {
		findHidden(value, "", invalid)
	}
	if len(invalid.Problems) == 0 {
		return nil
	}
	return invalid
}

const wasHidden = "••• stands where a key was hidden, and would be kept: send the text itself"

func findHidden(value any, pointer string, invalid *strict.Invalid) {
	switch v := value.(type) {
	case string:
		if strings.Contains(v, mask.Hidden) {
			invalid.Add(pointer, wasHidden)
		}
	case []any:
		for i, inside := range v {
			findHidden(inside, pointer+"/"+strconv.Itoa(i), invalid)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			findHidden(v[name], pointer+"/"+jsonvalue.EscapePointer(name), invalid)
		}
	}
}
