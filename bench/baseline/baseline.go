// Package baseline is what the mock is measured beside, in one place for every measurement.
package baseline

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/etcp-mock/etcp-mock/schemas"
)

// The merchant whose signatures it knows.
const (
	MerchantNo  = "demo"
	MerchantKey = "demo-key"
)

// Handler is a bare Gin server that does what no mock of the platform can do without: parse the form, hash, unmarshal,
// look a value up, answer JSON.
func Handler() http.Handler {
	users := map[string]int{"13800000001": 1}
	engine := gin.New()
	handle := func(c *gin.Context) {
		get := c.PostForm
		if c.Request.Method == http.MethodGet {
			get = c.Query
		}
		data, stamp, given := get("data"), get("time_stamp"), get("sign")
		sum := md5.Sum([]byte(data + MerchantKey + stamp))
		if get("merchant_no") != MerchantNo || strings.ToUpper(hex.EncodeToString(sum[:])) != given {
			c.JSON(http.StatusOK, gin.H{"code": 4, "message": "签名校验非法"})
			return
		}
		var in map[string]any
		if err := json.Unmarshal([]byte(data), &in); err != nil {
			c.JSON(http.StatusOK, gin.H{"code": 6, "message": "参数错误"})
			return
		}
		phone, _ := in["mobilePhone"].(string)
		c.JSON(http.StatusOK, gin.H{"code": 0, "message": "ok", "data": gin.H{"number": users[phone]}})
	}
	engine.GET(schemas.PathPrefix+":name", handle)
	engine.POST(schemas.PathPrefix+":name", handle)
	return engine
}
