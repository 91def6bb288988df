import latin
