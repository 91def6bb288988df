package analysis

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	noNetworkRE = regexp.MustCompile(`gaierror|\bherror\b|[Nn]ame or service not known|[Tt]emporary failure in name resolution|Network is unreachable|Could(?: not|n't) resolve host|Host name lookup failure|No route to host|nodename nor servname|EAI_AGAIN|Cannot assign requested address|Address family not supported by protocol`)
	// A name that is the machine's own, or one that stands for it.
	hostnameRE = regexp.MustCompile(`\bgethostname\(|\bgetfqdn\(`)

	refusedRE = regexp.MustCompile(`Connection refused|ConnectionRefusedError|Connect call failed|ECONNREFUSED`)
	addressRE = regexp.MustCompile(`(localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1)\]?["']?(?:, *(?:port[= ] *)?|:| port )(\d+)`)
	// A Unix socket that is not there: Python names it only in the source line.
	socketRE = regexp.MustCompile(`(?m)^>.*\.connect\(["'](/[^"'\n]+)["']|on socket "([^"\n]+)" failed: No such file`)
)

// ports of services that tests are often written against.
var ports = map[string]string{
	"5432": "PostgreSQL", "3306": "MySQL", "6379": "Redis", "27017": "MongoDB", "5672": "RabbitMQ", "9200": "Elasticsearch",
	"9092": "Kafka", "11211": "memcached", "1433": "SQL Server", "9000": "S3 (MinIO)", "25": "mail", "389": "LDAP", "4222": "NATS",
}

// network knows what needs more than the loopback interface.
func (s *study) network(r raised) (cause, bool) {
	said := r.said
	if r.assertion() && !strings.Contains(said, "CompletedProcess(") {
		said = quotedRE.ReplaceAllString(said, "''") // rightly, the words of the code under test
	}
	if !noNetworkRE.MatchString(said) && !(r.class == "CalledProcessError" && noNetworkRE.MatchString(r.output)) {
		return cause{}, false
	}
	c := cause{kind: Network, title: "the test needs the network: " + headline(named(r.class, r.detail)), key: normal(r.detail) + "\x00" + s.location(r.text)}
	switch {
	case hostnameRE.MatchString(r.text):
		c.subject, c.title = "hostname", "the machine's own name has no address in a cell: "+headline(named(r.class, r.detail))
	case strings.Contains(r.said, "Cannot assign requested address"):
		c.subject, c.title = "address", "a cell has the addresses 127.0.0.1 and ::1 alone: "+headline(named(r.class, r.detail))
	}
	return c, true
}

// service knows what should listen on this machine and does not: in a cell
// that has no other network, only loopback can refuse a connection.
func (s *study) service(r raised) (cause, bool) {
	if m := socketRE.FindStringSubmatch(r.text); m != nil && strings.Contains(r.said, "No such file") {
		return cause{kind: Service, title: fmt.Sprintf("no service has the socket %s", m[1]+m[2]), subject: m[1] + m[2], key: m[1] + m[2]}, true
	}
	if r.assertion() || !refusedRE.MatchString(r.said) {
		return cause{}, false
	}
	c := cause{kind: Service, title: "nothing listens where the test connects: " + headline(named(r.class, r.detail)), subject: "that service"}
	if m := addressRE.FindStringSubmatch(r.said + "\n" + r.text); m != nil {
		c.subject = m[1] + ":" + m[2]
		c.title, c.key = "nothing listens on "+c.subject, m[2]
		if name := ports[m[2]]; name != "" {
			c.subject += " (" + name + ")"
			c.title = "nothing listens on " + c.subject
		}
	}
	return c, true
}
