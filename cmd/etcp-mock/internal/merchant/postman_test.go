package merchant

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/etcp-mock/etcp-mock/schemas"
	"github.com/etcp-mock/etcp-mock/sign"
)

// postmanHarness stands in for Postman: it runs the collection's script before one request and prints what was set.
const postmanHarness = `
const { createHash } = require('node:crypto');
const variables = new Map(Object.entries({ merchantKey: 'noxxxxx', token: 't-1' }));
const parameters = { get: () => process.env.DATA };
globalThis.pm = {
  request: { method: process.env.METHOD, url: { query: parameters }, body: { urlencoded: parameters } },
  variables: {
    get: (name) => variables.get(name), set: (name, value) => variables.set(name, value),
    replaceIn: (text) => text.replace(/\{\{(\w+)\}\}/g, (_, name) => variables.get(name)),
  },
};
globalThis.CryptoJS = { MD5: (text) => createHash('md5').update(text, 'utf8').digest('hex') };
require(process.env.SCRIPT);
console.log(JSON.stringify(Object.fromEntries(variables)));
`

// The script of the Postman collection signs as §6 says, over the text with its variables filled in.
func TestPostman_signs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script := filepath.Join(dir, "sign.js")
	require.NoError(t, os.WriteFile(script, []byte(postmanSign), 0o600))
	for _, method := range []string{"GET", "POST"} {
		cmd := exec.CommandContext(t.Context(), "node", "-e", postmanHarness)
		cmd.Env = append(os.Environ(), "SCRIPT="+script, "METHOD="+method, `DATA={"token":"{{token}}","plateNumber":"渝ATX061"}`)
		out, err := cmd.Output()
		require.NoError(t, err)
		var got struct{ TimeStamp, Sign string }
		require.NoError(t, json.Unmarshal(out, &got))
		require.Equal(t, sign.Request(`{"token":"t-1","plateNumber":"渝ATX061"}`, "noxxxxx", got.TimeStamp), got.Sign)
	}
}

// The collection has a request for each endpoint, with the document's own example as its data.
func TestPostman_hasEveryEndpoint(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	cmd := NewPostman()
	cmd.SetArgs([]string{})
	cmd.SetOut(&out)
	cmd.SetErr(&errs)
	require.NoError(t, cmd.Execute(), errs.String())
	var collection struct {
		Item []struct {
			Name    string
			Request struct {
				Method string
				URL    struct {
					Raw   string
					Query []postmanParam
				}
				Body *postmanBody
			}
		}
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &collection))
	require.Len(t, collection.Item, len(schemas.Endpoints()))
	for i, e := range schemas.Endpoints() {
		item := collection.Item[i]
		require.Equal(t, e.Method, item.Request.Method)
		require.Equal(t, "{{baseUrl}}"+schemas.PathPrefix+e.Name, item.Request.URL.Raw)
		params := item.Request.URL.Query
		if item.Request.Body != nil {
			params = item.Request.Body.URLEncoded
		}
		require.Len(t, params, 4, e.Name)
		require.NoError(t, schemas.ValidateRequest(e.Name, []byte(strings.ReplaceAll(params[2].Value, "{{token}}", "0b59582d-ea6f-4bf1-a570-e803cc24ebe0"))), "%s: %s", e.Name, params[2].Value)
	}
}
