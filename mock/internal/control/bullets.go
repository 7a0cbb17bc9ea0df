package control

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
	"github.com/etcp-mock/etcp-mock/internal/mask"
	"github.com/etcp-mock/etcp-mock/mock/internal/strict"
)

// mostSearched is how large a body may be for the place in it to be looked for.
const mostSearched = 1 << 20

// unhidden refuses a body to be kept in which a key was hidden: what stands there for the key came out of another answer, and would be kept for the
// text itself. A body that is no JSON is refused elsewhere.
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
