package fuzz

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/etcp-mock/etcp-mock/internal/jsonvalue"
)

// scenario writes a story as a scenario file that shows a breach.
func (s story) scenario(at *breach) string {
	var b strings.Builder
	symbols := map[symbol]bool{}
	for _, step := range s.steps {
		for _, f := range step.fields {
			if v, is := f.value.(symbol); is {
				symbols[v] = true
			}
		}
	}
	fmt.Fprintf(&b, "name: found-by-fuzzing\nsummary: %s\ntags: [fuzz]\n", jsonvalue.Encode(at.message))
	var vars []string
	for _, v := range sortedSymbols(symbols) {
		if value, fixed := s.fixed(v); fixed {
			vars = append(vars, fmt.Sprintf("%s: %s", v, jsonvalue.Encode(value)))
		}
	}
	if len(vars) > 0 {
		fmt.Fprintf(&b, "vars: {%s}\n", strings.Join(vars, ", "))
	}
	b.WriteString("sandbox:\n  clock: 2017-08-20 12:00:00\n  parkings: [{id: \"1\", name: ETCP智慧停车场, city: 重庆市, lat: \"29.563\", lon: \"106.551\", tariff: {freeMinutes: 15, unitMinutes: 60, unitPrice: \"5\"}}, {id: \"20\", name: 乙, city: 重庆市, lat: \"29.57\", lon: \"106.551\", electronicPayment: false, tariff: {freeMinutes: 30, unitMinutes: 45, unitPrice: \"3\", dailyCap: \"40\"}}, {id: \"3\", name: 丙, city: 重庆市, lat: \"29.6\", lon: \"106.551\"}, {id: \"40\", name: 丁, city: 北京市, lat: \"39.9\", lon: \"116.4\"}]\nsteps:\n")
	for _, step := range s.steps {
		step.write(&b, symbols, at)
	}
	return b.String()
}

func (f *fuzzStep) write(b *strings.Builder, wanted map[symbol]bool, at *breach) {
	data := f.text(func(s symbol) any { return "${" + string(s) + "}" })
	switch f.action {
	case "advance":
		fmt.Fprintf(b, "  - {advance: %s}\n", f.subject)
		return
	case "enter", "exit":
		fmt.Fprintf(b, "  - {%s: %s}\n", f.action, data)
		return
	}
	fmt.Fprintf(b, "  - call: %s\n", f.subject)
	yaml := ""
	if o := overrideOf(f.override); o != nil {
		yaml = o.yaml()
	}
	if f.stamp != "" {
		yaml = "{timeStamp: \"" + f.stamp + "\"}"
	}
	switch {
	case f.raw != "":
		fmt.Fprintf(b, "    request: {rawData: %s}\n", jsonvalue.Encode(f.raw))
	case f.style != "":
		fmt.Fprintf(b, "    request: {rawData: %s}\n", jsonvalue.Encode(data))
	case yaml != "":
		fmt.Fprintf(b, "    data: %s\n    request: %s\n", data, yaml)
	default:
		fmt.Fprintf(b, "    data: %s\n", data)
	}
	id := strconv.Itoa(f.id)
	var saves []string
	for name, from := range map[string]string{"token": "data.token", "order": "data[0].orderId", "proof": "data[0].verificationInfo", "fee": "data[0].remainingFee"} {
		if wanted[symbol(name+id)] {
			saves = append(saves, name+id+": \""+from+"\"")
		}
	}
	slices.Sort(saves)
	if len(saves) > 0 {
		fmt.Fprintf(b, "    save: {%s}\n", strings.Join(saves, ", "))
	}
	switch {
	case f.id == at.step && at.wantCode >= 0:
		fmt.Fprintf(b, "    expect: {code: %d}\n", at.wantCode)
	case f.id != at.step && at.codes[f.id] != 0:
		fmt.Fprintf(b, "    expect: {code: %d}\n", at.codes[f.id])
	}
}

func sortedSymbols(set map[symbol]bool) []symbol {
	var all []symbol
	for s := range set {
		all = append(all, s)
	}
	slices.Sort(all)
	return all
}

// fixed is what a symbol stands for that no answer gives.
func (s story) fixed(v symbol) (string, bool) {
	name := strings.TrimRight(string(v), "0123456789")
	n, _ := strconv.ParseUint(strings.TrimPrefix(string(v), name), 10, 64)
	switch name {
	case "phone":
		return fmt.Sprintf("139%08d", (s.salt*7+n)%100_000_000), true
	case "plate":
		return fmt.Sprintf("渝B%05d", (s.salt*7+n)%100_000), true
	case "text":
		return fmt.Sprintf("T%d-%d", s.salt, n), true
	}
	return "", false
}
