package ui

func newWatchPlain(o WatchOptions) WatchView { return nil }
func newWatchJSON(o WatchOptions) WatchView  { return nil }
