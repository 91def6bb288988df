package page

import (
	"fmt"
	"net"
	"strconv"
)

// AddressError is an address to serve on that others could reach, or that is none.
type AddressError struct {
	Address string
	Reason  string
}

// Error says what is wrong with it.
func (e *AddressError) Error() string {
	return fmt.Sprintf("serving the page: %q %s", e.Address, e.Reason)
}

// Hint is an address that is fine.
func (e *AddressError) Hint() string {
	return "use --serve 127.0.0.1:0; from another machine: ssh -L PORT:127.0.0.1:PORT HOST"
}

// listen listens on an address of the loopback interface, which must be named
// by number or as localhost: other names are the resolver's to decide.
func listen(address string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, &AddressError{address, "is not HOST:PORT"}
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, &AddressError{address, "is not an address of the loopback interface"}
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return nil, &AddressError{address, "has a port that is not a number from 0 to 65535"}
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("serving the page: %w", err)
	}
	if !listener.Addr().(*net.TCPAddr).IP.IsLoopback() {
		_ = listener.Close()
		return nil, &AddressError{address, "is not an address of the loopback interface on this machine"}
	}
	return listener, nil
}

// hosts are the Host headers of requests that were meant for this server.
func hosts(at *net.TCPAddr) map[string]bool {
	port := strconv.Itoa(at.Port)
	out := map[string]bool{}
	for _, host := range []string{"localhost", "127.0.0.1", "::1", at.IP.String()} {
		out[net.JoinHostPort(host, port)] = true
	}
	return out
}
