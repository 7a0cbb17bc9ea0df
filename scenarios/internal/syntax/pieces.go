package syntax

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strconv"
)

// piece is how many items of a list are written at once: the nodes of YAML take a hundred times the room of their text.
const piece = 1000

// pieces are the lists of a mapping that are written piece by piece. In the mapping itself each has a single item, which says where its own belong.
type pieces struct {
	mark  string // no text of the mapping begins with it
	lists []longList
}

type longList struct {
	path  []string // the members it stands under
	items []json.RawMessage
}

// member is a member of an object.
type member struct {
	name  string
	value json.RawMessage
}

// inPieces takes the lists out of a mapping that have many items and stand under the members that are long.
func inPieces(mapping json.RawMessage, long []string) (rest json.RawMessage, p pieces, err error) {
	for _, b := range sha256.Sum256(mapping) { // which the mapping cannot have in it, and is letters, so that it is written without quotes
		p.mark += string([]byte{'a' + b>>4, 'a' + b&15})
	}
	rest, err = p.take(mapping, nil, func(name string) bool { return slices.Contains(long, name) })
	return rest, p, err
}

// take takes the lists out of the members of an object, and out of those within them.
func (p *pieces) take(text json.RawMessage, path []string, within func(name string) bool) (json.RawMessage, error) {
	all, err := membersOf(text)
	if err != nil {
		return nil, err
	}
	for i := range all {
		m := &all[i]
		if !within(m.name) {
			continue
		}
		path := append(slices.Clone(path), m.name)
		switch {
		case m.value[0] == '[':
			var items []json.RawMessage
			if err := json.Unmarshal(m.value, &items); err != nil {
				return nil, errNoMapping
			}
			if len(items) > piece {
				m.value = json.RawMessage(`["` + p.mark + strconv.Itoa(len(p.lists)) + `"]`)
				p.lists = append(p.lists, longList{path, items})
			}
		case m.value[0] == '{' && len(path) == 1:
			if m.value, err = p.take(m.value, path, func(string) bool { return true }); err != nil {
				return nil, err
			}
		}
	}
	return object(all), nil
}

// membersOf are the members of an object in their order.
func membersOf(text json.RawMessage) (all []member, err error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	if begin, err := dec.Token(); err != nil || begin != json.Delim('{') {
		return nil, errNoMapping
	}
	for dec.More() {
		var m member
		token, err := dec.Token()
		if err == nil {
			m.name, _ = token.(string)
			err = dec.Decode(&m.value)
		}
		if err != nil {
			return nil, errNoMapping
		}
		all = append(all, m)
	}
	if _, err := dec.Token(); err != nil {
		return nil, errNoMapping
	}
	return all, nil
}

func object(all []member) json.RawMessage {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range all {
		if i > 0 {
			out.WriteByte(',')
		}
		name, _ := json.Marshal(m.name) //nolint:errchkjson // a text always encodes
		out.Write(name)
		out.WriteByte(':')
		out.Write(m.value)
	}
	out.WriteByte('}')
	return out.Bytes()
}

// fill writes a text of YAML with the lists in their places.
func (p pieces) fill(out *bytes.Buffer, text []byte, write func(mapping json.RawMessage) ([]byte, error)) error {
	for i, list := range p.lists {
		at := bytes.Index(text, []byte("- "+p.mark+strconv.Itoa(i)+"\n"))
		if at < 0 {
			return errNoMapping // the encoder always writes a text of letters and digits as it is
		}
		begin := bytes.LastIndexByte(text[:at], '\n') + 1
		out.Write(text[:begin])
		text = text[at+bytes.IndexByte(text[at:], '\n')+1:]
		for items := range slices.Chunk(list.items, piece) {
			part, err := write(list.under(items))
			if err != nil {
				return err
			}
			for range list.path { // each on a line of its own
				part = part[bytes.IndexByte(part, '\n')+1:]
			}
			out.Write(part)
		}
	}
	out.Write(text)
	return nil
}

// under is some of the list's items where the list stands.
func (l longList) under(items []json.RawMessage) json.RawMessage {
	value := append(append([]byte{'['}, bytes.Join(toBytes(items), []byte{','})...), ']')
	for _, name := range slices.Backward(l.path) {
		value = object([]member{{name, value}})
	}
	return value
}

func toBytes(items []json.RawMessage) [][]byte {
	all := make([][]byte, len(items))
	for i := range items {
		all[i] = items[i]
	}
	return all
}
