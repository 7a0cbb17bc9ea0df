package merchant

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/etcp-mock/etcp-mock/cmd/internal/cli"
	"github.com/etcp-mock/etcp-mock/schemas"
)

// NewOpenAPI is the command openapi.
func NewOpenAPI() *cobra.Command {
	return &cobra.Command{
		Use: "openapi", Short: "Print the contract as an OpenAPI 3.1 document", Args: cli.NoArgs,
		Long: "Print the contract as an OpenAPI 3.1 document: the twelve endpoints, the four pushes as webhooks, and the mock's control\n" +
			"API. A running mock has it at /__admin/openapi.json, and a page to read and try it at /__admin/docs.",
		Example: "  etcp-mock openapi > openapi.json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s\n", schemas.OpenAPI(cli.Version))
			return err
		},
	}
}

// NewPostman is the command postman.
func NewPostman() *cobra.Command {
	return &cobra.Command{
		Use: "postman", Short: "Print a Postman collection whose requests sign themselves", Args: cli.NoArgs,
		Long: "Print a Postman collection (v2.1) of the twelve endpoints. Its script computes time_stamp and sign; a login keeps its token\n" +
			"for the requests after it. Set baseUrl, merchantNo and merchantKey in the collection's variables.",
		Example: "  etcp-mock postman > etcp.postman_collection.json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			enc := json.NewEncoder(cmd.OutOrStdout())
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			return enc.Encode(postmanCollection())
		},
	}
}

// The scripts that run in Postman, before each request and after each login.
var (
	//go:embed postman/sign.js
	postmanSign string
	//go:embed postman/token.js
	postmanToken string
)

type postmanItem struct {
	Name    string         `json:"name"`
	Event   []postmanEvent `json:"event,omitempty"`
	Request postmanRequest `json:"request"`
}

type postmanRequest struct {
	Method      string       `json:"method"`
	Description string       `json:"description"`
	URL         postmanURL   `json:"url"`
	Body        *postmanBody `json:"body,omitempty"`
}

type postmanURL struct {
	Raw   string         `json:"raw"`
	Host  []string       `json:"host"`
	Path  []string       `json:"path"`
	Query []postmanParam `json:"query,omitempty"`
}

type postmanBody struct {
	Mode       string         `json:"mode"`
	URLEncoded []postmanParam `json:"urlencoded"`
}

type postmanParam struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	Type  string `json:"type,omitempty"`
}

type postmanEvent struct {
	Listen string        `json:"listen"`
	Script postmanScript `json:"script"`
}

type postmanScript struct {
	Type string   `json:"type"`
	Exec []string `json:"exec"`
}

func postmanOn(listen, script string) postmanEvent {
	return postmanEvent{listen, postmanScript{"text/javascript", strings.Split(strings.TrimSuffix(script, "\n"), "\n")}}
}

func postmanCollection() any {
	var items []postmanItem
	for _, e := range schemas.Endpoints() {
		items = append(items, postmanItemOf(e))
	}
	return struct {
		Info     map[string]string `json:"info"`
		Item     []postmanItem     `json:"item"`
		Event    []postmanEvent    `json:"event"`
		Variable []postmanParam    `json:"variable"`
	}{
		Info: map[string]string{
			"name": "ETCP Open Platform", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
		},
		Item:  items,
		Event: []postmanEvent{postmanOn("prerequest", postmanSign)},
		Variable: []postmanParam{
			{Key: "baseUrl", Value: "http://127.0.0.1:8787"}, {Key: "merchantNo", Value: "demo"}, {Key: "merchantKey", Value: "demo-key"}, {Key: "token"},
		},
	}
}

func postmanItemOf(e schemas.Endpoint) postmanItem {
	params := []postmanParam{
		{Key: "merchant_no", Value: "{{merchantNo}}"},
		{Key: "time_stamp", Value: "{{timeStamp}}"},
		{Key: "data", Value: postmanData(e)},
		{Key: "sign", Value: "{{sign}}"},
	}
	path := schemas.PathPrefix + e.Name
	item := postmanItem{Name: e.Section + " " + e.Name + " " + e.Title, Request: postmanRequest{
		Method: e.Method, Description: e.Title + " (" + e.Section + ")",
		URL: postmanURL{Raw: "{{baseUrl}}" + path, Host: []string{"{{baseUrl}}"}, Path: strings.Split(path[1:], "/")},
	}}
	if e.Method == http.MethodGet {
		item.Request.URL.Query = params
	} else {
		for i := range params {
			params[i].Type = "text"
		}
		item.Request.Body = &postmanBody{"urlencoded", params}
	}
	if e.Name == "userlogin" || e.Name == "usersigin" {
		item.Event = []postmanEvent{postmanOn("test", postmanToken)}
	}
	return item
}

// postmanData is the document's own example, with the token of the last login.
func postmanData(e schemas.Endpoint) string {
	text, ok := schemas.Example(schemas.KindRequest, e.Name)
	if !ok {
		return "{}"
	}
	fields := map[string]any{}
	if json.Unmarshal(text, &fields) != nil {
		return "{}"
	}
	if e.Token {
		fields["token"] = "{{token}}"
	}
	delete(fields, "scrollId") // of a query long gone
	text, err := json.Marshal(fields)
	if err != nil {
		return "{}"
	}
	return string(text)
}
