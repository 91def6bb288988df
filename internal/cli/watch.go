package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/weft-build/weft/internal/loop"
	"github.com/weft-build/weft/internal/request"
)

func (s *session) watchCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "watch SCOPE [ENVIRONMENTS|TYPES]... [-- BAZEL FLAGS]",
		Short:             "Keep the answer current: run what each save affects",
		ValidArgsFunction: s.completeSelection,
		RunE:              s.runWatch,
	}
	addFlags(cmd.Flags())
	cmd.Flags().BoolP("verbose", "v", false, "show every cell, and the talk of Nix and Bazel")
	return cmd
}

type debugSink struct{}

func (debugSink) Update(u loop.Update) {
	data, _ := json.Marshal(u)
	if len(data) > 400 {
		data = data[:400]
	}
	if of, ok := u.(loop.Of); ok {
		fmt.Printf("%T %s\n", of.Update, data)
		return
	}
	if e, ok := u.(loop.Ended); ok && e.Err != nil {
		fmt.Println(e.Err)
	}
	fmt.Printf("%T %s\n", u, data)
}

func (s *session) runWatch(cmd *cobra.Command, args []string) error {
	r, err := s.request(cmd, args)
	if err != nil {
		return err
	}
	return loop.Run(cmd.Context(), loop.Options{
		Request: r, Tools: s.tools(), Sink: debugSink{}, Commands: nil, Generate: true,
		Reload: func() (request.Request, bool, error) {
			r, err := s.request(cmd, args)
			return r, true, err
		},
	})
}
