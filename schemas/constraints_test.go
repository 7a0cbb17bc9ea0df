package schemas

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// breakNode works through a schema along its properties and items: each value
// is replaced by its form's good and bad ones and by values of other types,
// each required property is taken away, and an unknown one is added.
func breakNode(t *testing.T, broken violated, key string, sample any, node map[string]any, at string) {
	t.Helper()
	try := func(put any) error {
		err := validate(key, encode(with(sample, at, put), ""))
		broken.note(err)
		return err
	}
	title, _ := node["title"].(string)
	if f, known := forms[title]; known {
		breakForm(t, key+at, f, node, try)
	} else if _, structure := node["type"]; !structure && at != "/code" {
		t.Errorf("%s%s: no rows for the form %q", key, at, title)
	}
	if _, typed := node["type"]; typed {
		if try(true) == nil {
			t.Errorf("%s%s takes a boolean", key, at)
		}
	}
	if _, fixed := node["const"]; fixed && try(map[string]any{}) == nil {
		t.Errorf("%s%s takes an object", key, at)
	}
	properties, _ := node["properties"].(map[string]any)
	required, _ := node["required"].([]any)
	for name, property := range properties {
		err := validate(key, encode(with(sample, at+"/"+name, gone{}), ""))
		broken.note(err)
		if must := slices.Contains(required, any(name)); must && err == nil {
			t.Errorf("%s%s does without %s", key, at, name)
		}
		breakNode(t, broken, key, sample, property.(map[string]any), at+"/"+name)
	}
	if items, ok := node["items"].(map[string]any); ok {
		breakNode(t, broken, key, sample, items, at+"/0")
		if err := validate(key, encode(with(sample, at, []any{}), "")); err != nil {
			t.Errorf("%s%s refuses an empty array: %v", key, at, err)
		}
	}
	if extra, closed := node["additionalProperties"].(bool); closed && !extra {
		err := validate(key, encode(with(sample, at+"/another", "x"), ""))
		broken.note(err)
		if err == nil {
			t.Errorf("%s%s takes an unknown field", key, at)
		}
	}
	breakConditions(broken, key, sample)
}

// breakConditions adds the rows that need two values at once.
func breakConditions(broken violated, key string, sample any) {
	switch key {
	case KindEnvelope:
		broken.note(validate(key, encode(with(sample, "/code", 4), "")))
	case "push/entry", "push/exit":
		broken.note(validate(key, encode(with(sample, "/userType", "77"), "")))
	}
}

func breakForm(t *testing.T, where string, f form, node map[string]any, try func(any) error) {
	t.Helper()
	optional := strings.Contains(string(encode(node["type"], "")), "null")
	for _, text := range f.good {
		value, err := decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		// "yuan, as text" is two forms: §9.6 has a place always, §9.10 where needed.
		if node["title"] == "yuan, as text" && text == `"10"` && !strings.Contains(where, "avgCost") {
			continue
		}
		if where == "envelope/code" {
			continue // beside data a failure is refused
		}
		if err := try(value); err != nil {
			t.Errorf("%s refuses %s: %v", where, text, err)
		}
	}
	for _, text := range f.bad {
		value, err := decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if optional && text == `""` {
			continue // counts as absent
		}
		if try(value) == nil {
			t.Errorf("%s takes %s", where, text)
		}
	}
}

// constraints lists the keywords of a schema that can be broken, as pointers.
// What stands under "if" decides and cannot fail.
func constraints(node map[string]any, at string) (found []string) {
	for keyword, value := range node {
		where := at + "/" + keyword
		switch keyword {
		case "$schema", "title", "description", "x-volatile", "x-yuan", "if":
		case "properties":
			for name, property := range value.(map[string]any) {
				if inner, ok := property.(map[string]any); ok {
					found = append(found, constraints(inner, where+"/"+name)...)
				} else {
					found = append(found, where+"/"+name) // false
				}
			}
		case "items", "then", "else":
			found = append(found, constraints(value.(map[string]any), where)...)
		case "required":
			for _, name := range value.([]any) {
				found = append(found, where+" "+strconv.Quote(name.(string))+" is missing")
			}
		default:
			found = append(found, where)
		}
	}
	return found
}

func TestPayment_isAPlainDecimalInBothTypes(t *testing.T) {
	sample := samples(t)["request/orderpaid"]
	for text, ok := range map[string]bool{
		`"8"`: true, `"8.0"`: true, `"8.00"`: true, `"10.34"`: true, `"0.01"`: true, `"0.10"`: true, `8`: true, `10.34`: true,
		`"0"`: false, `"0.00"`: false, `"8.000"`: false, `"8e0"`: false, `"+8"`: false, `"-8"`: false, `".5"`: false, `"8."`: false,
		`"8,5"`: false, `" 8"`: false, `""`: false, `"0.001"`: false, `0`: false, `-1`: false, `0.005`: false, `null`: false, `true`: false,
	} {
		value, err := decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := validate("request/orderpaid", encode(with(sample, "/payment", value), "")); (err == nil) != ok {
			t.Errorf("payment %s: %v", text, err)
		}
	}
}

func TestOrderHistory_printsYuanWithAPlace(t *testing.T) {
	sample := samples(t)["answer/orderhistory"]
	for text, ok := range map[string]bool{"5.0": true, "5.5": true, "5.25": true, "0.0": true, "5": false, "5.50": false, "5.00": false} {
		if err := validate("answer/orderhistory", encode(with(sample, "/data/0/parkingFee", text), "")); (err == nil) != ok {
			t.Errorf("parkingFee %q: %v", text, err)
		}
	}
}

// The optional forms repeat the others' patterns, for JSON Schema has no way to
// add the empty string to one; this holds the two together.
func TestCommon_optionalFormsAreTheFormsOrEmpty(t *testing.T) {
	common := readFile("common.json")["$defs"].(map[string]any)
	for _, name := range []string{"Plate", "Latitude", "Longitude"} {
		plain := common[strings.ToLower(name)].(map[string]any)["pattern"].(string)
		optional := common["optional"+name].(map[string]any)["pattern"].(string)
		if want := "^(?:|" + strings.Trim(plain, "^$") + ")$"; optional != want {
			t.Errorf("optional%s is %s, want %s", name, optional, want)
		}
	}
}
